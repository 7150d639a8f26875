"""Who is at the keyboard: password, second factor, how often one may try, when a session ends."""

"""Playing a rehearsal: invented entries written through the application's own actions, in the order
and at the times of a file, so that edit checks, queries, alerts and the trail are really made."""

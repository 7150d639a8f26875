"""Many trials: planned, made in blocks on threads or a cluster, summed, and what they say."""

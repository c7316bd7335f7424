"""The true picture of the cluster: what the nodes and deals are, how old that is, and the bytes that tell it."""

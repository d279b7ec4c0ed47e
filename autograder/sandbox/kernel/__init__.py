"""Where workers live on Linux: forked processes, and what the kernel takes from them."""

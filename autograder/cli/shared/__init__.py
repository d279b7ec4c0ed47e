"""What several commands share: how they end, what they may write, how they print."""

"""Where workers live on a student's own machine: plain processes, on any system, with limits and no confinement."""

"""On a student's own machine: plain processes for workers, with limits and no confinement; and limits in this one."""

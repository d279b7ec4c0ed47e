"""`python -m autograder` is the command line, and so is the command `autograder`.

Processes that a command starts import this module as well, which takes no time: they need nothing of the commands.
"""


def main() -> None:
    from autograder.cli import main as command_line

    command_line()


if __name__ == "__main__":
    main()

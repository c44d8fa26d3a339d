"""`python -m xiangyue` is the same as `xiangyue`."""

from xiangyue.cli.main import main

if __name__ == "__main__":
    main()

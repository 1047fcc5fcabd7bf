"""The commands, one function each. Each imports what it needs when it is called: none waits for another's."""

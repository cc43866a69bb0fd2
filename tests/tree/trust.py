"""No shell, no program started outside the rules, and no way to the network.

What docs/security.md promises about processes and sockets, read from the sources and from what the
built programs ask of the C library.
"""

import re

import tree

PROGRAMS = ("runwalkd", "runwalk", "runwalk-engine", "runwalk-ducker", "runwalk-confine",
            "runwalk-inhibit")

# Who may call what starts a process; nobody else may, and what is not named here nobody.
STARTERS = {
    "fork": {"src/cli/guard.c"},
    "execvp": {"src/confine/main.c"},
    "uv_spawn": {"src/player/child.c", "src/player/ducking.c", "src/voice/speech_child.c",
                 "src/daemon/inhibitor.c"},
}
START = re.compile(r"\b(system|popen|wordexp|v?fork|clone3?|posix_spawnp?|exec[lv]\w*|fexecve|uv_spawn)"
                   r"\s*\(")
SHELL = re.compile(r'"(/bin/|/usr/bin/)?(sh|bash|dash)( |")')
SOCKET = re.compile(r"\bsocket(?:pair)?\s*\(\s*(\w+)")
NETWORK = re.compile(r"\b(P?AF_(?!UNIX\b|UNSPEC\b)[A-Z0-9]+|getaddrinfo|gethostby\w+|uv_(?:tcp|udp)_\w+|"
                     r"uv_getaddrinfo)\b")
COMMENT = re.compile(r"/\*.*?\*/", re.S)

# What the linked programs must not even be able to call.
UNLINKED = {"system", "popen", "wordexp", "posix_spawn", "posix_spawnp", "getaddrinfo",
            "gethostbyname", "gethostbyname_r", "uv_tcp_init", "uv_tcp_connect", "uv_udp_init",
            "uv_getaddrinfo"}


def check_source(path):
    name = tree.name(path)
    # Comments become as many lines of nothing.
    text = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), path.read_text())
    for number, line in enumerate(text.splitlines(), 1):
        for call in START.findall(line):
            if name not in STARTERS.get(call, ()):
                yield f"{name}:{number}: {call} starts a process, which is not this file's business"
        if SHELL.search(line):
            yield f"{name}:{number}: no shell is ever run"
        for family in SOCKET.findall(line):
            if family != "AF_UNIX" and family.startswith(("AF_", "PF_")):
                yield f"{name}:{number}: a socket is AF_UNIX, not {family}"
        for word in NETWORK.findall(line):
            yield f"{name}:{number}: {word}: nothing leaves the device"
    if "uv_spawn(" in text and "rw_confine_environment(" not in text:
        yield f"{name}: a child's environment is chosen by rw_confine_environment"


def check_program(path):
    nm = tree.tool("nm")
    result = tree.run([nm, "--dynamic", "--undefined-only", "--format=posix", path])
    for line in result.stdout.splitlines():
        symbol = line.split()[0].split("@")[0] if line.split() else ""
        if symbol in UNLINKED:
            yield f"{path.name} calls {symbol}"


sources = tree.files("include/**/*.h", "src/**/*.[ch]")
programs = [tree.build_dir() / name for name in PROGRAMS]
problems = [f"{path} is not built" for path in programs if not path.is_file()]
problems += [problem for path in sources for problem in check_source(path)]
problems += [problem for path in programs if path.is_file() for problem in check_program(path)]
tree.finish(problems, len(sources) + len(programs))

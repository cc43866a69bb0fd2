"""Every script parses, and shellcheck has nothing to say about those for the shell."""

import tree


def language(path):
    """"bash" or "python", told by the name or by the first line; None for other files."""
    if path.suffix in (".sh", ".py"):
        return {".sh": "bash", ".py": "python"}[path.suffix]
    with path.open("rb") as file:
        first = file.readline(80)
    if not first.startswith(b"#!"):
        return None
    return "python" if b"python" in first else "bash" if b"sh" in first else None


def check(path):
    if language(path) == "python":
        try:
            compile(path.read_text(), tree.name(path), "exec")
        except SyntaxError as error:
            return f"{error.filename}:{error.lineno}: {error.msg}"
        return None
    result = tree.run([shellcheck, "--external-sources", "--source-path=SCRIPTDIR", path])
    return result.stdout if result.returncode else None


shellcheck = tree.tool("shellcheck")
scripts = [path for path in tree.files("scripts/**/*", ".ci/*", "tests/**/*", "sounds/**/*")
           if path.suffix not in (".c", ".h", ".md") and language(path)]
tree.finish(tree.in_parallel(check, scripts), len(scripts))

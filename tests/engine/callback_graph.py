"""Usage: callback_graph.py OBJDUMP ENGINE-ARCHIVE AUDIO-ARCHIVE

Follows every call and every reference from the audio callbacks through the objects of the two
libraries, and fails when one leaves them for anything but what cannot wait.
"""

import re
import subprocess
import sys

# Where an audio thread enters: (object, function). The one of PortAudio calls that of the engine
# through a pointer, so both stand here.
ROOTS = [("engine.c.o", "render"), ("output_portaudio.c.o", "render")]
# Who may call through a pointer, and does so to one of the above.
THROUGH_POINTER = {("output_portaudio.c.o", "render")}
# Moving memory, arithmetic, and the clock that the vDSO answers.
ALLOWED = re.compile(r"mem(cpy|move|set)|clock_gettime|(sin|cos|exp|pow|log|fabs|floor|ceil|rint|"
                     r"round|trunc|sqrt|fmin|fmax|lrint|fmod)f?|__stack_chk_fail|__assert_fail|"
                     r"_GLOBAL_OFFSET_TABLE_|__(asan|ubsan|tsan|sanitizer|gcov)_\w+")


def functions(objdump, archive):
    """Yields object, function, the names its code refers to, and whether it calls a pointer."""
    text = subprocess.run([objdump, "-dr", "--no-show-raw-insn", archive], text=True, check=True,
                          stdout=subprocess.PIPE).stdout
    current = None
    for line in text.splitlines():
        if member := re.match(r"(\S+\.o):\s+file format", line):
            name = member[1]
        elif start := re.match(r"[0-9a-f]+ <([^>]+)>:$", line):
            if current:
                yield current
            current, target = (name, start[1], set(), []), set()
        elif current:
            if reloc := re.match(r"\s+[0-9a-f]+: R_\S+\s+([^\s+-]+)", line):
                # The address in the instruction above is only a placeholder.
                current[2].difference_update(target)
                current[2].add(reloc[1])
                target = set()
            else:
                target = set(re.findall(r"<([^>+]+)(?:\+0x[0-9a-f]+)?>", line)) - current[2]
                current[2].update(target)
                if re.search(r"\b(call|jmp|blr|br)q?\s+(\*|x\d)", line) and "rip" not in line:
                    current[3].append(line.strip())
    if current:
        yield current


def main():
    objdump, *archives = sys.argv[1:]
    code, at = {}, {}
    for archive in archives:
        for name, function, used, pointers in functions(objdump, archive):
            # Parts that the compiler has moved aside belong to the function.
            code[name, function] = (used, pointers)
            at.setdefault(function, []).append(name)
    problems = []
    waiting, seen = list(ROOTS), set()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        if place not in code:
            problems.append(f"{place[0]} has no function {place[1]}")
            continue
        used, pointers = code[place]
        if pointers and place not in THROUGH_POINTER:
            problems.append(f"{place[0]}: {place[1]} calls through a pointer: {pointers}")
        for name in used:
            if (place[0], name) in code:
                waiting.append((place[0], name))
            elif name in at:
                waiting += [(other, name) for other in at[name]]
            elif not name.startswith(".") and not ALLOWED.fullmatch(name):
                problems.append(f"{place[0]}: {place[1]} refers to {name}")
    reached = sorted({f"{name}:{function}" for name, function in seen})
    print(f"{len(reached)} functions run in the callback:", *reached)
    if len(reached) < 5:
        problems.append("so few functions are no callback: is the pattern out of date?")
    if problems:
        sys.exit("the audio callback must not:\n  " + "\n  ".join(problems))


if __name__ == "__main__":
    main()

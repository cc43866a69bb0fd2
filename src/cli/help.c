/* The help: all of it comes from the table of verbs. */
#include "verbs.h"

static void group_print(FILE *out, const struct rw_verb_group *group)
{
    fprintf(out, "\n%s:\n", group->heading);
    for (size_t i = 0; i < group->count; i++) {
        fprintf(out, "  %-11s %s\n", group->verbs[i].name, group->verbs[i].summary);
    }
}

void rw_help_print(FILE *out)
{
    fputs("Usage: runwalk VERB [WORDS] [OPTIONS]\n"
          "\n"
          "Steers runwalkd, the coach that speaks your run-walk intervals.\n",
          out);
    const struct rw_verb_group *group;
    for (size_t i = 0; (group = rw_verb_group_at(i)); i++) {
        group_print(out, group);
    }
    fputs("\n"
          "  runwalk VERB --help     what a verb does, with examples\n"
          "  runwalk --version       which version this is\n"
          "\n"
          "Examples:\n"
          "  runwalk start quickstart      two minutes, to hear how it works\n"
          "  runwalk watch                 the run in this terminal\n"
          "  runwalk list                  what else there is\n"
          "\n"
          "Exit codes: 0 ok, 1 refused, 2 wrong usage, 3 no daemon, 4 invalid or unknown\n"
          "profile, 5 no answer in time, 6 reading or writing failed.\n",
          out);
}

void rw_help_print_verb(const struct rw_verb *verb, FILE *out)
{
    fprintf(out, "Usage: runwalk %s%s%s%s\n\n%s\n", verb->name, verb->words[0] ? " " : "",
            verb->words, verb->options[0].name ? " [OPTIONS]" : "", verb->summary);
    if (verb->details) {
        fprintf(out, "\n%s\n", verb->details);
    }
    fputs("\nOptions:\n", out);
    for (const struct rw_option *option = verb->options; option->name; option++) {
        char shown[40];
        snprintf(shown, sizeof shown, "--%s%s%s", option->name, option->value ? " " : "",
                 option->value ? option->value : "");
        fprintf(out, "  %-17s %s\n", shown, option->help);
    }
    fprintf(out, "  %-17s %s\n", "--help", "print this");
    fputs("\nExamples:\n", out);
    for (size_t i = 0; i < RW_EXAMPLES_MAX && verb->examples[i].command; i++) {
        fprintf(out, "  %s\n      %s\n", verb->examples[i].command, verb->examples[i].meaning);
    }
}

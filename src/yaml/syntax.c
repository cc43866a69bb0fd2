#include "syntax.h"

#include "source.h"

#include <string.h>

enum place {
    AT_PROBLEM,
    AT_CONTEXT,        /* where the thing began that went wrong later */
    AT_CONTEXT_IF_END, /* there when the file has ended, else at the problem */
};

/* libyaml's words and ours. The first entry whose parts are all found wins. */
static const struct phrase {
    const char *context; /* NULL: any */
    const char *problem;
    enum place place;
    const char *text;
} phrases[] = {
    {NULL, "mapping values are not allowed", AT_PROBLEM,
     "no colon may stand here; check the indentation and the line above, or put text that "
     "holds \": \" in quotes"},
    {NULL, "block sequence entries are not allowed", AT_PROBLEM,
     "no list item may begin here; put the \"-\" on a line of its own, below"},
    {NULL, "mapping keys are not allowed", AT_PROBLEM,
     "no key may begin here; check the indentation"},
    {"simple key", "could not find expected ':'", AT_CONTEXT,
     "a colon is missing here; write \"key: value\", or check the indentation"},
    {"block mapping", "did not find expected key", AT_PROBLEM,
     "this does not line up with the lines above; check the indentation and the quotes"},
    {"block collection", "did not find expected '-' indicator", AT_PROBLEM,
     "this does not line up with the list above; check the indentation"},
    {"flow sequence", "did not find expected ','", AT_CONTEXT_IF_END,
     "a comma or the closing \"]\" is missing"},
    {"flow mapping", "did not find expected ','", AT_CONTEXT_IF_END,
     "a comma or the closing \"}\" is missing"},
    {"quoted scalar", "unexpected end of stream", AT_CONTEXT, "this quote is never closed"},
    {"quoted scalar", "unexpected document indicator", AT_CONTEXT, "this quote is never closed"},
    {"quoted scalar", "", AT_PROBLEM,
     "unknown escape after \"\\\"; in single quotes a backslash stands for itself"},
    {NULL, "found unexpected ':'", AT_PROBLEM, "put text that holds \":\" in quotes here"},
    {NULL, "did not find expected node content", AT_PROBLEM, "a value is missing here"},
    {NULL, "did not find expected <document start>", AT_PROBLEM,
     "nothing may follow here; check the indentation, and the lines above"},
    {NULL, "found a tab character", AT_PROBLEM, "a tab cannot indent; use spaces"},
    {"an alias", "", AT_CONTEXT, "text that begins with \"*\" must stand in quotes"},
    {"an anchor", "", AT_CONTEXT, "text that begins with \"&\" must stand in quotes"},
    {"a tag", "", AT_CONTEXT, "text that begins with \"!\" must stand in quotes"},
    {NULL, "found undefined tag handle", AT_PROBLEM,
     "text that begins with \"!\" must stand in quotes"},
    {"a block scalar", "", AT_PROBLEM,
     "only a line break may follow \"|\" or \">\"; text that begins so must stand in quotes"},
    {"directive", "", AT_CONTEXT, "a line cannot begin with \"%\"; put text that does in quotes"},
};

/* What cannot begin a word. */
static const char *character_text(uint32_t code)
{
    switch (code) {
    case '\t':
        return "a tab cannot indent; use spaces";
    case '%':
    case '@':
    case '`':
        return "text cannot begin with this character; put it in quotes";
    default:
        return "this character cannot stand here; put the text in quotes";
    }
}

static const struct phrase *phrase_find(const yaml_parser_t *parser)
{
    for (size_t i = 0; i < RW_COUNT(phrases); i++) {
        const struct phrase *phrase = &phrases[i];
        bool fits = !phrase->context ||
                    (parser->context && strstr(parser->context, phrase->context) != NULL);
        if (fits && strstr(parser->problem, phrase->problem)) {
            return phrase;
        }
    }
    return NULL;
}

struct place_found {
    uint32_t line, column;
    bool is_end; /* the mark lies past the text; the place is where the text ends */
};

static struct place_found place_find(yaml_mark_t mark, const char *bytes, size_t size)
{
    struct place_found place = {(uint32_t)mark.line + 1, (uint32_t)mark.column + 1, false};
    struct source_line line = {0};
    bool has_text = rw_source_line(bytes, size, place.line, &line) && line.columns > 0;
    if (has_text && place.column <= line.columns) {
        return place;
    }
    while (place.line > 1 && !has_text) {
        place.line--;
        has_text = rw_source_line(bytes, size, place.line, &line) && line.columns > 0;
    }
    return (struct place_found){place.line, line.columns + 1, true};
}

void rw_yaml_syntax_report(const yaml_parser_t *parser, const char *bytes, size_t size,
                           struct rw_diagnostics *diagnostics)
{
    if (!parser->problem || parser->error == YAML_READER_ERROR) {
        rw_diagnostics_error(diagnostics, 0, 0, 1, "this cannot be read as YAML text");
        return;
    }
    const struct phrase *phrase = phrase_find(parser);
    struct place_found place = place_find(parser->problem_mark, bytes, size);
    if (phrase && parser->context &&
        (phrase->place == AT_CONTEXT || (phrase->place == AT_CONTEXT_IF_END && place.is_end))) {
        place = place_find(parser->context_mark, bytes, size);
    }
    if (phrase) {
        rw_diagnostics_error(diagnostics, place.line, place.column, 1, "%s", phrase->text);
    } else if (strstr(parser->problem, "cannot start any token")) {
        uint32_t code = rw_source_code(bytes, size, place.line, place.column);
        rw_diagnostics_error(diagnostics, place.line, place.column, 1, "%s", character_text(code));
    } else {
        rw_diagnostics_error(diagnostics, place.line, place.column, 1,
                             "this is no well-formed YAML: %s", parser->problem);
    }
}

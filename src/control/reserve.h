/*
 * Memory that jansson falls back on when there is none to be had. Version 2.14 does not expect
 * its parser to run short: it stops the program by an assertion, or reads behind its buffer.
 */
#ifndef RUNWALK_SRC_CONTROL_RESERVE_H
#define RUNWALK_SRC_CONTROL_RESERVE_H

/* For the whole process, from now on; one thread. Again does nothing more. */
void rw_json_reserve(void);

#endif

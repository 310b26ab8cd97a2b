"""What is done to processes: killed, stopped, made to hang."""
import ctypes
import os
import platform
import select
import signal
import time

SEIZE, INTERRUPT, DETACH, PEEK, GET_REGISTERS, SET_REGISTERS = 0x4206, 0x4207, 17, 1, 12, 13
ANY_CHILD = 0x40000000  # __WALL: traced ones too
SYSCALL = 0x050F        # the instruction, little-endian
PAUSE = 34
NO_CALL = 2 ** 64 - 1
REGISTERS = 27
RAX, ORIGINAL_RAX, RIP = 10, 15, 16

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


def kill(pid):
    os.kill(pid, signal.SIGKILL)


def stop(pid):
    os.kill(pid, signal.SIGSTOP)


def hang(pid, seconds=5.0):
    """Sends the process's main thread into pause(2), where it stays: what a deadlock looks like from outside.

    The process then sleeps (state S) without using the CPU, is neither stopped nor traced nor loading, its kernel
    still accepts connections, and nobody ever answers on them.
    """
    if platform.machine() != "x86_64":
        raise SystemExit("the case `hang` knows the registers of x86-64 only")
    deadline = time.monotonic() + seconds
    while not _sent_to_pause(pid):
        if time.monotonic() > deadline:
            raise RuntimeError(f"process {pid} was never seen in a system call")


def _sent_to_pause(pid):
    _ptrace(SEIZE, pid)
    try:
        _ptrace(INTERRUPT, pid)
        os.waitpid(pid, ANY_CHILD)
        registers = (ctypes.c_ulonglong * REGISTERS)()
        _ptrace(GET_REGISTERS, pid, 0, ctypes.addressof(registers))
        # Behind a system call, that is: the instruction before is one, and can be executed again with another number.
        if _ptrace(PEEK, pid, registers[RIP] - 2) & 0xFFFF != SYSCALL:
            return False
        registers[RIP] -= 2
        registers[RAX] = PAUSE
        registers[ORIGINAL_RAX] = NO_CALL  # else the kernel would restart the call that was interrupted
        _ptrace(SET_REGISTERS, pid, 0, ctypes.addressof(registers))
        return True
    finally:
        _ptrace(DETACH, pid)


def _ptrace(request, pid, address=0, data=0):
    ctypes.set_errno(0)
    result = _libc.ptrace(request, pid, address, data)
    if ctypes.get_errno():
        raise OSError(ctypes.get_errno(), f"ptrace {request}: {os.strerror(ctypes.get_errno())}")
    return result


class Hurt:
    """Processes that were hurt and must not outlive the trial, whoever has a process number by then."""

    def __init__(self):
        self._handles = []

    def add(self, pid):
        self._handles.append(os.pidfd_open(pid))
        return pid

    def bury(self):
        """Returns when all of them have ended."""
        for handle in self._handles:
            try:
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it has ended, as it should
            select.select([handle], [], [], 30)
            os.close(handle)
        self._handles.clear()

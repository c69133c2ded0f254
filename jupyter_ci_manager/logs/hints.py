"""Known ways in which setup scripts fail, by the line that says so. No I/O.

It reads English, which is what tools say on an instance. Each entry names where it is known from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class KnownFailure:
    """A line that tells what went wrong, and what to do about it."""

    code: str
    words: tuple[bytes, ...]
    """A line that ``pattern`` finds has one of them: they are looked for first, which is quick."""
    pattern: str
    """Of bytes, within one line, and with no repetition that has no bound: a line may be long."""
    title: str
    text: str


KNOWN_FAILURES = (
    KnownFailure(
        # Azure/azureml-examples#3291
        "CondaNotFound",
        (
            b": not found",
            b"command not found",
            b"conda activate",
        ),
        r"\b(?:conda|mamba)(?:: command)?: not found|\b(?:conda|mamba): command not found"
        r"|Run 'conda init' before 'conda activate'"
        r"|Your shell has not been properly configured to use 'conda activate'",
        "The script does not know Conda",
        "A setup script runs as root and without a login shell, so Conda is not on its PATH. Begin "
        "with `source /anaconda/etc/profile.d/conda.sh`, or call /anaconda/bin/conda.",
    ),
    KnownFailure(
        # "Customize the compute instance with a script": arguments cannot be accessed in the block.
        "SudoBlockWithoutArguments",
        (
            b"unbound variable",
            b"not set",
            b"or null set",
            b"at least one requirement",
            b" operand",
        ),
        r"\$?\b[1-9]: unbound variable|\$[1-9]: parameter (?:null or )?not set"
        r"|You must give at least one requirement to install"
        r"|: missing (?:file )?operand",
        "An argument of the script is empty",
        "A block of `sudo -u azureuser -i <<'EOF'` gets neither the script's arguments nor its "
        "variables, and begins in the user's home. Hand them over: "
        "`sudo -u azureuser -i bash -s -- \"$@\" <<'EOF'`.",
    ),
    KnownFailure(
        "WindowsLineEndings",
        (
            b"\\r",
            b"\r: command",
            b"^M: ",
            b": invalid opt",
        ),
        r"\\r': command not found|\r: command not found|\^M: (?:bad interpreter|command not found)"
        r"|bash\\r.{0,3}: No such file or directory|syntax error near unexpected token .{0,80}\\r"
        r"|\\r': (?:not a valid identifier|No such file or directory)|set: -.?\\?r?.?: invalid opt",
        "The script has Windows line endings",
        "Each line ends in a carriage return, which the shell takes for part of the command. Save "
        "the script with LF line endings, or run `sed -i 's/\\r$//'` on it.",
    ),
    KnownFailure(
        # "This request is not authorized to perform this operation." is the firewall's own answer.
        "StorageBehindNetwork",
        (
            b"not authorized to perform",
            b"AuthorizationFailure",
            b"IpAuthorizationError",
            b"403",
        ),
        r"This request is not authorized to perform this operation\.?(?! using)"
        r"|AuthorizationFailure\b|IpAuthorizationError"
        r"|\b403\b.{0,80}\.(?:blob|file|dfs)\.core\.|\.(?:blob|file|dfs)\.core\..{0,120}\b403\b",
        "The storage account refuses the instance",
        "The account takes requests from selected networks only, or the instance's identity has no "
        "role for its data. Put the instance into the account's virtual network or add a private "
        "endpoint, and check the identity's role.",
    ),
    KnownFailure(
        "NoNetwork",
        (
            b"Temporary failure",
            b"Could not resolve",
            b"Name or service",
            b"Network is unreach",
            b"No route to host",
            b"establish a new",
            b"HTTP 000",
            b"CONNECTION FAILED",
            b"Failed to connect",
            b"onnection timed out",
            b"ConnectTimeoutError",
            b"unable to resolve",
        ),
        r"Temporary failure (?:in name resolution|resolving)|Could not resolve (?:host|proxy)"
        r"|Name or service not known|Network is unreachable|No route to host"
        r"|Failed to establish a new connection|CondaHTTPError: HTTP 000|CONNECTION FAILED for url"
        r"|Failed to connect to \S{1,200} port|[Cc]onnection timed out|ConnectTimeoutError"
        r"|unable to resolve host address",
        "There is no way to the network",
        "What the script wants to download cannot be reached. In a virtual network or a managed "
        "network without internet access its address needs an outbound rule, a proxy, or a mirror "
        "inside.",
    ),
    KnownFailure(
        # 15 minutes unless set: "Customize the compute instance with a script".
        "TimedOut",
        (
            b"cript timed out",
            b"cript has",
            b"cript exceeded",
            b"SetupScriptsTimeout",
            b"did not finish",
            b"did not complete",
            b"xceeded the",
            b"imed out after",
        ),
        r"[Ss]cript (?:has )?(?:timed out|exceeded)|SetupScriptsTimeout"
        r"|did not (?:finish|complete) within|[Ee]xceeded the (?:script )?time-?out"
        r"|[Tt]imed out after \d+ ?(?:m|s|h|d|min|sec|hour|day)",
        "The script took too long",
        "A setup script is ended after 15 minutes unless it is given another time. Give it a "
        "longer time-out when the instance is created, or leave the slow part to the background: "
        "`nohup … &`.",
    ),
    KnownFailure(
        # MicrosoftDocs/azure-docs#110040
        "DiskFull",
        (
            b"No space left",
            b"quota exceeded",
        ),
        r"No space left on device|Disk quota exceeded",
        "A disk is full",
        "Free some room on the instance, or install less: the OS disk cannot grow. Large data "
        "belongs on the temporary disk or a datastore.",
    ),
    KnownFailure(
        "PackagesLocked",
        (
            b"get lock",
            b"frontend lock",
            b"another process",
        ),
        r"Could not get lock /var/lib/(?:dpkg|apt)|Unable to acquire the dpkg frontend lock"
        r"|is another process using it",
        "Another program installs packages",
        "Azure updates the instance while it starts. Let apt wait: "
        "`apt-get -o DPkg::Lock::Timeout=600 install …`.",
    ),
    KnownFailure(
        # Azure/azure-cli#31838
        "ScriptNotFound",
        (b"script file not found",),
        r"[Uu]ser specified setup script file not found",
        "The script is not where it was looked for",
        "A script from storage is given by its path in the notebook file share, such as "
        "Users/amy/setup.sh; a URL is not taken. Check its spelling and that it is still there.",
    ),
    KnownFailure(
        "KilledForMemory",
        (
            b"Killed",
            b"Out of memory",
            b"MemoryError",
            b"allocate memory",
        ),
        r"(?:^|[ \t])Killed[ \t]*$|Out of memory: Kill|MemoryError\b|Cannot allocate memory",
        "There was not enough memory",
        "The system ended the program. Choose a VM size with more memory, or do less at a time "
        "(`mamba` needs less than `conda` to solve an environment).",
    ),
)

FIRST_ERROR = (
    # A word may begin right after a change of colour, such as ESC [31m.
    r"(?:\b|(?<=\dm))(?:ERROR|FATAL|CRITICAL)\b"
    r"|(?:(?<![\w-])|(?<=\dm))[Ee]rror(?:\(s\))?(?:\x1b\[[\d;]*m)?:"
    r"|^[ \t]*E: |\bfatal: "
    r"|^Traceback \(most recent call last\)|\b\w*(?:Error|Exception): |command not found"
    r"|: not found[ \t\r]*$|No such file or directory|Permission denied|unbound variable"
    r"|syntax error"
    r"|Segmentation fault|Operation not permitted|core dumped"
    r"|\b[Ff]ailed (?:to|with|because)\b|\b[Tt]imed out\b"
    r"|\b[Ee]xit(?:ed)?(?: with)?(?: code| status)?:? (?:code )?[1-9]\d*\b"
)
"""What the first error of a log looks like. ``0 errors`` and names such as ``liberror`` do not."""

EXIT_STATUS = re.compile(
    rb"\b(?:exit(?:ed)?(?: with)?(?: (?:code|status))|return(?:ed)?(?: with)? (?:code|status)"
    rb"|exit[_-]?(?:code|status)|exited with)[ :=]{1,3}(?:code )?(-?\d{1,3})\b",
    re.IGNORECASE,
)
TIMED_OUT = re.compile(
    rb"script (?:has )?(?:timed out|exceeded)|timed out after \d|SetupScriptsTimeout"
    rb"|did not (?:finish|complete) within",
    re.IGNORECASE,
)


FIRST_ERROR_WORDS = (
    b"ERROR",
    b"FATAL",
    b"CRITICAL",
    b"rror:",
    b"rror(s):",
    b"rror\x1b",
    b"E: ",
    b"fatal: ",
    b"Traceback (most",
    b"Exception: ",
    b"command not found",
    b": not found",
    b"No such file or",
    b"Permission denied",
    b"unbound variable",
    b"syntax error",
    b"Segmentation fault",
    b"Operation not permitted",
    b"core dumped",
    b"ailed ",
    b"imed out",
    b"xit",
)

FAILURE_PATTERNS = {
    each.code: re.compile(each.pattern.encode(), re.MULTILINE) for each in KNOWN_FAILURES
}
FIRST_ERROR_PATTERN = re.compile(FIRST_ERROR.encode(), re.MULTILINE)
BY_CODE = {each.code: each for each in KNOWN_FAILURES}

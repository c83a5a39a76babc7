"""The scenarios: which aws-cli and kubectl, what the kubeconfig contains, and what must happen."""

from dataclasses import dataclass

from parts import GROUP

# The last release that always returns v1alpha1, the first two steps to what aws-cli does today,
# and the newest release at the time of writing.
OLD = "1.23.8"
ECHOES = "1.23.9"
FALLS_BACK = "1.24.0"
NEWEST = "1.46.3"

V1ALPHA1, V1BETA1, V1 = GROUP + "v1alpha1", GROUP + "v1beta1", GROUP + "v1"

INVALID = f'error: exec plugin: invalid apiVersion "{V1ALPHA1}"'
MISMATCH = (
    f"exec plugin is configured to use API version {V1BETA1}, plugin returned version {V1ALPHA1}"
)
# kubectl has other messages for v1alpha1 since it no longer knows that version.
NOT_REGISTERED = (
    f'decoding stdout: no kind "ExecCredential" is registered for version "{V1ALPHA1}" in scheme "'
)
DEPRECATED = (
    f"Kubeconfig user entry is using deprecated API version {V1ALPHA1}. "
    "Run 'aws eks update-kubeconfig' to update."
)
NO_MODE = "error: interactiveMode must be specified for "

UPGRADE = "upgrade aws first: it answers that from aws-cli 1.23.9 "
REGENERATE = "`aws eks update-kubeconfig --name CLUSTER --region REGION`"


@dataclass(frozen=True)
class Outcome:
    """What kubectl does: its stderr contains `says` ("": it is empty), and the request `arrives` with
    its token or is never made."""

    says: str
    arrives: bool


ARRIVES = Outcome("", True)


@dataclass(frozen=True)
class Scenario:
    """One kubeconfig, read by one kubectl with one aws-cli."""

    kubectl: str
    aws: str
    # The version in the kubeconfig, without its group.
    written: str
    before: Outcome
    # The finding, and what its message must contain besides kubectl's own. None: the file has no
    # finding.
    rule: str | None
    severity: str | None = None
    holds: tuple = ()
    # What `--fix` does: "version" (v1alpha1 becomes v1beta1), "mode" (inserts a line with
    # interactiveMode) or None.
    fix: str | None = None
    # The outcome for the fixed file, with the same aws-cli.
    after: Outcome = ARRIVES
    # With these releases, the request arrives after the fix, and kubectl prints nothing.
    then: tuple = ()


SCENARIOS = [
    # kubectl rejects v1alpha1 before it runs any plugin.
    *(
        Scenario(
            kubectl,
            NEWEST,
            "v1alpha1",
            Outcome(INVALID, False),
            "removed-api-version",
            "error",
            (UPGRADE, REGENERATE),
            "version",
        )
        for kubectl in ("1.24", "1.37")
    ),
    # The same with an old aws-cli; then the fix is not enough, as its message says.
    *(
        Scenario(
            kubectl,
            OLD,
            "v1alpha1",
            Outcome(INVALID, False),
            "removed-api-version",
            "error",
            (UPGRADE,),
            "version",
            Outcome(NOT_REGISTERED, False),
            (ECHOES, FALLS_BACK, NEWEST),
        )
        for kubectl in ("1.24", "1.37")
    ),
    # Everything works until the version is changed while aws-cli is old.
    Scenario(
        "1.23",
        OLD,
        "v1alpha1",
        ARRIVES,
        "deprecated-api-version",
        "warning",
        (UPGRADE,),
        "version",
        Outcome(MISMATCH, False),
        (ECHOES, NEWEST),
    ),
    # The same change made by hand: nothing is wrong with the file.
    Scenario(
        "1.23",
        OLD,
        "v1beta1",
        Outcome(MISMATCH, False),
        None,
        after=Outcome(MISMATCH, False),
        then=(ECHOES, FALLS_BACK, NEWEST),
    ),
    Scenario(
        "1.37",
        OLD,
        "v1beta1",
        Outcome(NOT_REGISTERED, False),
        None,
        after=Outcome(NOT_REGISTERED, False),
        then=(ECHOES, NEWEST),
    ),
    # aws-cli warns, kubectl works.
    *(
        Scenario(
            "1.23",
            aws,
            "v1alpha1",
            Outcome(DEPRECATED, True),
            "deprecated-api-version",
            "warning",
            (REGENERATE,),
            "version",
        )
        for aws in (ECHOES, FALLS_BACK, NEWEST)
    ),
    # A version that needs an interactiveMode.
    *(
        Scenario(
            kubectl,
            NEWEST,
            "v1",
            Outcome(NO_MODE, False),
            "missing-interactive-mode",
            "error",
            (),
            "mode",
        )
        for kubectl in ("1.23", "1.37")
    ),
    # What aws-cli writes today.
    *(Scenario(kubectl, NEWEST, "v1beta1", ARRIVES, None) for kubectl in ("1.23", "1.24", "1.37")),
]

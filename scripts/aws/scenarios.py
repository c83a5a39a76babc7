"""What is reproduced: which aws-cli and kubectl, what the kubeconfig says, and what comes of it."""

from dataclasses import dataclass

from parts import GROUP

# The last release that always answers v1alpha1, the first two steps to what aws-cli does today,
# and the newest of the day this was written.
OLD = "1.23.8"
ECHOES = "1.23.9"
FALLS_BACK = "1.24.0"
NEWEST = "1.46.3"

V1ALPHA1, V1BETA1, V1 = GROUP + "v1alpha1", GROUP + "v1beta1", GROUP + "v1"

INVALID = f'error: exec plugin: invalid apiVersion "{V1ALPHA1}"'
MISMATCH = (
    f"exec plugin is configured to use API version {V1BETA1}, plugin returned version {V1ALPHA1}"
)
# Kubectls that do not know v1alpha1 any more have other words for the same.
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
    """What kubectl does: its stderr holds `says` ("": there is nothing), and the request `arrives`
    with its token or is never made."""

    says: str
    arrives: bool


ARRIVES = Outcome("", True)


@dataclass(frozen=True)
class Scenario:
    """One kubeconfig in front of one kubectl with one aws-cli."""

    kubectl: str
    aws: str
    # The version in the kubeconfig, without its group.
    written: str
    before: Outcome
    # The finding, and what its message must hold besides kubectl's own words. None: the file is
    # accepted as it is.
    rule: str | None
    severity: str | None = None
    holds: tuple = ()
    # What `--fix` does: "version" (v1alpha1 becomes v1beta1), "mode" (a line with interactiveMode
    # comes in) or None.
    fix: str | None = None
    # The file after it, with the same aws-cli.
    after: Outcome = ARRIVES
    # With these the request arrives after it, without a word.
    then: tuple = ()


SCENARIOS = [
    # kubectl refuses v1alpha1 before it runs any plugin.
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
    # With an old aws-cli, too; then the fix is not enough, as its message says.
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
    # All is well until the version is changed below an old aws-cli.
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
    # So it was, by hand: there is nothing wrong with the file.
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
    # Too much of a good thing.
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

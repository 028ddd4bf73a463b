namespace Portcullis.Core.Signing;

/// <summary>Which roles of trust data count for what (Docker's documentation of signing policies).</summary>
internal static class SigningRoles
{
    public const string Targets = "targets";
    public const string Releases = "targets/releases";

    /// <summary>Whether a signature in the role counts at all.</summary>
    public static bool Counts(string role, bool acceptTargets) => role != Targets || acceptTargets;

    /// <summary>Whether it counts towards a team.</summary>
    public static bool CountsForTeams(string role, bool acceptTargets) => role != Releases && Counts(role, acceptTargets);
}

namespace Portcullis.Core.Trust.Tuf;

/// <summary>A file that is needed next.</summary>
/// <param name="Role">The role.</param>
/// <param name="File">What it must be; null for the newest root and timestamp, of which nothing is known before.</param>
/// <param name="MaximumLength">In bytes: a longer one need not be read to its end.</param>
public sealed record NeededRole(string Role, TufFile? File, int MaximumLength)
{
    /// <summary>Its version, where it is asked for by that; null else.</summary>
    public long? Version { get; init; }

    /// <summary>Whether it is a delegation longer than any may be, so that it need not be asked for: an empty file in its place is refused for the length.</summary>
    public bool IsTooLong => RoleNames.IsDelegation(Role) && File?.Length > RoleLimits.TargetsLength;
}

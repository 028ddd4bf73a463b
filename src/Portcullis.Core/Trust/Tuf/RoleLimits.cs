namespace Portcullis.Core.Trust.Tuf;

/// <summary>How much metadata is read (as python-tuf's ngclient and go-tuf bound it).</summary>
public static class RoleLimits
{
    public const int RootLength = 512 * 1024;
    public const int TimestampLength = 16 * 1024;
    public const int SnapshotLength = 2 * 1024 * 1024;
    public const int TargetsLength = 5 * 1024 * 1024;

    /// <summary>Roots in a row that are followed.</summary>
    public const int Rotations = 256;

    /// <summary>Delegations in all.</summary>
    public const int Delegations = 5000;

    /// <summary>Delegations below one another.</summary>
    public const int Depth = 32;

    /// <summary>
    /// Of all files of one name together, in bytes: who may sign a delegation could otherwise fill the memory. Below what is kept of all names, so that what may
    /// be read at all can be kept.
    /// </summary>
    public const int Reading = 20 * 1024 * 1024;

    /// <summary>The bytes of the files that are asked for.</summary>
    public static long Sum(IEnumerable<NeededRole> needed) => needed.Where(n => !n.IsTooLong).Sum(n => (long)n.MaximumLength);

    /// <summary>Why no more is read of a name; null when it may be.</summary>
    /// <param name="needed">What would be asked for next.</param>
    /// <param name="total">The bytes of that and of everything before it.</param>
    public static TufError? Excess(IReadOnlyCollection<NeededRole> needed, long total) =>
        needed.Count > Delegations || total > Reading
            ? new TufError(TufErrorKind.TooMany, RoleNames.Snapshot, $"it names more than {Delegations} delegations, or more than {Reading / 1024 / 1024} MiB")
            : null;

    public static int LengthOf(string role) => role switch
    {
        RoleNames.Root => RootLength,
        RoleNames.Timestamp => TimestampLength,
        RoleNames.Snapshot => SnapshotLength,
        _ => TargetsLength,
    };
}

namespace Portcullis.Core.Trust;

/// <summary>What is done to the trust data of one repository.</summary>
public abstract record TrustAction(string Gun) : PlannedAction
{
    public override string Id => Gun;

    /// <summary>All changes in one update, which the server takes whole or not at all.</summary>
    public sealed record Publish(string Gun) : TrustAction(Gun)
    {
        private const int Described = 100;

        public RootChange? Root { get; init; }

        public IReadOnlyList<RoleChange> Roles { get; init; } = [];

        /// <summary>The snapshot's next version where the operator signs it; null where the server does.</summary>
        public SnapshotChange? Snapshot { get; init; }

        /// <summary>What changes, for people.</summary>
        public required IReadOnlyList<string> Changes { get; init; }

        /// <summary>What of it somebody had changed on the server, and is put back.</summary>
        public IReadOnlyList<string> Reverts { get; init; } = [];

        /// <summary>Tags that lose their signature by it, as <c>ROLE: TAG</c>.</summary>
        public IReadOnlyList<string> Loses { get; init; } = [];

        /// <summary>Members of metadata that somebody else wrote and that are not published again, as <c>ROLE: MEMBER</c>.</summary>
        public IReadOnlyList<string> Drops { get; init; } = [];

        /// <summary>Whether the repository had no trust data.</summary>
        public bool IsFirst { get; init; }

        public override ActionEffect Effect => Loses.Count > 0 ? ActionEffect.Narrow : ActionEffect.Neutral;

        /// <summary>The whole list may be thousands of lines, and what is declared is in Git.</summary>
        public override string Describe() => $"publish {(IsFirst ? "the first trust data" : "trust data")} of {Gun}: {TrustWords.Some(Changes.Concat(Drops.Select(d => $"drop {d}")).ToList(), Described)}";
    }
}

/// <summary>The next snapshot.</summary>
public sealed record SnapshotChange(long Version, DateTimeOffset Expires, Tuf.TufKey SignWith);

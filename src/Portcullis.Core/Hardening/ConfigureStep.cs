using System.Security.Cryptography;

namespace Portcullis.Core.Hardening;

/// <summary>One step of <see cref="HardeningAction.Configure"/>.</summary>
public abstract record ConfigureStep
{
    private ConfigureStep()
    {
    }

    /// <summary>One line for logs and plans.</summary>
    public abstract string Describe();

    /// <summary>Copies the broken file before it is replaced.</summary>
    public sealed record KeepBroken(string Problem, string CopyName) : ConfigureStep
    {
        public override string Describe() => $"keep a copy of daemon.json, which {Problem}";
    }

    /// <summary>Replaces daemon.json. <paramref name="Owned"/> are our keys from then on.</summary>
    public sealed record Write(DaemonJson Content, IReadOnlyDictionary<string, OwnedKey> Owned, IReadOnlyList<string> Set, IReadOnlyList<string> Removed)
        : ConfigureStep
    {
        public string Sha256 { get; } = Hash(Content.ToBytes());

        /// <summary>It restores only what is already recorded as ours, so there is nothing to record first.</summary>
        public bool IsRecorded { get; init; }

        public override string Describe() => "write daemon.json" + Listed(": set ", Set) + Listed(Set.Count > 0 ? "; remove " : ": remove ", Removed);
    }

    /// <summary>Records ownership that changed without the file: a foreign key of the same value is now ours.</summary>
    public sealed record Own(IReadOnlyDictionary<string, OwnedKey> Owned) : ConfigureStep
    {
        public override string Describe() => "own" + Listed(" ", [.. Owned.Keys.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Sends SIGHUP.</summary>
    public sealed record Reload : ConfigureStep
    {
        public override string Describe() => "reload the engine";
    }

    /// <summary>Restarts the engine.</summary>
    public sealed record Restart(IReadOnlyList<string> Keys) : ConfigureStep
    {
        public override string Describe() => "restart the engine" + Listed(" for ", Keys);
    }

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Listed(string before, IReadOnlyList<string> keys) => keys.Count == 0 ? "" : before + string.Join(", ", keys);
}

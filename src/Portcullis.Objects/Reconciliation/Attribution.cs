using System.Globalization;

namespace Portcullis.Objects.Reconciliation;

/// <summary>Who made a change that was put back. Never a guess: what is not known is <see cref="Unknown"/>.</summary>
public abstract record Attribution
{
    private Attribution()
    {
    }

    public static Attribution Nobody { get; } = new Unknown();

    public bool IsKnown => this is not Unknown;

    /// <summary>Which fields were changed, from what to what; empty when that is not known, or when the whole object was.</summary>
    public string Fields { get; init; } = "";

    /// <summary>The user whose request was seen.</summary>
    public sealed record User(string Name) : Attribution
    {
        public override string ToString() => $"by user {Name}";
    }

    /// <summary>The field manager that the object itself names, and when it wrote.</summary>
    public sealed record FieldManager(string Name, DateTimeOffset At) : Attribution
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"by field manager {Name} at {At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
    }

    /// <summary>The user and process that wrote the file, as the kernel reported them.</summary>
    public sealed record FileWriter(string Description) : Attribution
    {
        public override string ToString() => $"by {Description}";
    }

    /// <summary>Nobody was seen.</summary>
    public sealed record Unknown : Attribution
    {
        /// <summary>What is known of the change nevertheless; empty when nothing is.</summary>
        public string Details { get; init; } = "";

        public override string ToString() => Details.Length == 0 ? "by unknown" : $"by unknown ({Details})";
    }
}

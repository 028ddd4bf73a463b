using Portcullis.Core.Identity;

namespace Portcullis.Identity.Logins;

/// <summary>What became of a log-in.</summary>
internal abstract record LoginVerdict
{
    private LoginVerdict()
    {
    }

    /// <summary>It is this caller.</summary>
    public sealed record Authenticated(GatewayCaller Caller) : LoginVerdict
    {
        /// <summary>For how long the same user and password need not be checked again, as long as <see cref="StillHolds"/>.</summary>
        public TimeSpan KeepFor { get; init; } = TimeSpan.FromMinutes(5);

        /// <summary>Whether what the password was checked against is unchanged. Costs nothing.</summary>
        public Func<bool> StillHolds { get; init; } = () => true;

        /// <summary>What a refresh token refers to: it counts for as long as this is unchanged. Null when none is given out.</summary>
        public string? Proof { get; init; }
    }

    /// <summary>The password is wrong, or the user unknown. The reason is for the log; the client is told neither.</summary>
    public sealed record Refused(string Reason) : LoginVerdict;

    /// <summary>Nobody knows: what would have to be asked does not answer. Answered with 503, since it is not the client's fault.</summary>
    public sealed record Unknown(string Reason) : LoginVerdict;

    /// <summary>Too many log-ins failed before.</summary>
    public sealed record Limited(TimeSpan RetryAfter) : LoginVerdict;

    /// <summary>This way does not know such users or passwords; another one may.</summary>
    /// <param name="Why">What may have been meant otherwise, for the log; null for nothing to say.</param>
    public sealed record NotMine(string? Why = null) : LoginVerdict
    {
        public static NotMine Instance { get; } = new();
    }
}

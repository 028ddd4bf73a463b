namespace Portcullis.Identity.Logins;

/// <summary>One way to show who one is.</summary>
internal interface IAuthenticator
{
    /// <summary>How many tries there are.</summary>
    GuessBound Bound => GuessBound.NameAndAddress;

    /// <summary>Never for an empty user or password: those are refused before.</summary>
    ValueTask<LoginVerdict> AuthenticateAsync(LoginAttempt attempt, CancellationToken cancellationToken);
}

/// <summary>What somebody shows. Its text does not hold the password.</summary>
internal sealed record LoginAttempt(string User, string Password)
{
    public override string ToString() => $"log-in of {User}";
}

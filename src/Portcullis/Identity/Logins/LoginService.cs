using System.Net;
using Microsoft.Extensions.Logging;

namespace Portcullis.Identity.Logins;

/// <summary>Finds out who shows a name and a password, in whichever way knows him, and counts what fails.</summary>
internal sealed partial class LoginService(IEnumerable<IAuthenticator> authenticators, VerifiedLogins verified, LoginLimits limits, ILogger<LoginService> logger) : IDisposable
{
    private const int LongestUser = 253;
    private const int LongestPassword = 16 * 1024;

    // One log-in of a user at a time: a burst of the same one is checked once, and a burst of guesses is counted one by one.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1))];
    private readonly IAuthenticator[] _authenticators = [.. authenticators];

    /// <param name="attempt">What is shown.</param>
    /// <param name="address">Where the client is; null when that is not known.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public async ValueTask<LoginVerdict> LogInAsync(LoginAttempt attempt, IPAddress? address, CancellationToken cancellationToken)
    {
        if (verified.Find(attempt) is { } known)
        {
            return known;
        }

        if (attempt.User.Length is 0 or > LongestUser || attempt.Password.Length is 0 or > LongestPassword || attempt.User.Any(char.IsControl))
        {
            return new LoginVerdict.Refused("the name or the password is empty, too long or not printable");
        }

        // A flood of guesses is turned away here, before it waits for its turn.
        if (limits.Wait(attempt.User, address, BoundOf(attempt)) is { } wait)
        {
            return Report(attempt, address, new LoginVerdict.Limited(wait), GuessBound.None);
        }

        var turn = _turns[(uint)TurnOf(attempt).GetHashCode(StringComparison.Ordinal) % (uint)_turns.Length];
        await turn.WaitAsync(cancellationToken);
        try
        {
            return verified.Find(attempt) ?? await AskAsync(attempt, address, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        foreach (var turn in _turns)
        {
            turn.Dispose();
        }
    }

    /// <summary>The weakest bound that somebody who may know it has: a token is asked for after any number of failures.</summary>
    private static GuessBound BoundOf(LoginAttempt attempt) => TokenShape.IsToken(attempt.Password) ? GuessBound.None : GuessBound.NameAndAddress;

    /// <summary>Guesses of a user's password wait for each other. A token waits only for itself, not for guesses.</summary>
    private static string TurnOf(LoginAttempt attempt) => TokenShape.IsToken(attempt.Password) ? attempt.Password : attempt.User;

    /// <summary>
    /// The first who knows such a user or password decides. What nobody can say is unknown, also when another one refuses. Who may not be asked now, because too
    /// much has failed, is left out.
    /// </summary>
    private async ValueTask<LoginVerdict> AskAsync(LoginAttempt attempt, IPAddress? address, CancellationToken cancellationToken)
    {
        LoginVerdict.Unknown? unknown = null;
        LoginVerdict.Limited? limited = null;
        string? why = null;
        foreach (var authenticator in _authenticators)
        {
            if (limits.Wait(attempt.User, address, authenticator.Bound) is { } wait)
            {
                limited = new LoginVerdict.Limited(wait);
                continue;
            }

            switch (await authenticator.AuthenticateAsync(attempt, cancellationToken))
            {
                case LoginVerdict.NotMine one:
                    why ??= one.Why;
                    break;
                case LoginVerdict.Unknown one:
                    unknown ??= one;
                    break;
                case var decided:
                    return Report(attempt, address, decided, authenticator.Bound);
            }
        }

        var verdict = unknown ?? limited as LoginVerdict ?? new LoginVerdict.Refused($"nobody knows this user{(why is null ? "" : $": {why}")}");
        return Report(attempt, address, verdict, BoundOf(attempt));
    }

    private LoginVerdict Report(LoginAttempt attempt, IPAddress? address, LoginVerdict verdict, GuessBound bound)
    {
        switch (verdict)
        {
            case LoginVerdict.Authenticated one:
                verified.Add(attempt, one);
                Log.Accepted(logger, attempt.User, address, one.Caller.ToString(), one.Caller.Method.ToString());
                break;
            case LoginVerdict.Refused refused:
                limits.Failed(attempt.User, address, bound);
                Log.Refused(logger, attempt.User, address, refused.Reason);
                break;
            case LoginVerdict.Unknown unknown:
                Log.Unknown(logger, attempt.User, address, unknown.Reason);
                break;
            case LoginVerdict.Limited limited:
                Log.Limited(logger, attempt.User, address, (int)limited.RetryAfter.TotalSeconds);
                break;
        }

        return verdict;
    }

    private static partial class Log
    {
        [LoggerMessage(6301, LogLevel.Information, "Log-in of {User} from {Address}: accepted as {Caller} by {Method}")]
        public static partial void Accepted(ILogger logger, string user, IPAddress? address, string caller, string method);

        [LoggerMessage(6302, LogLevel.Warning, "Log-in of {User} from {Address}: refused: {Reason}")]
        public static partial void Refused(ILogger logger, string user, IPAddress? address, string reason);

        [LoggerMessage(6303, LogLevel.Warning, "Log-in of {User} from {Address}: cannot be checked: {Reason}")]
        public static partial void Unknown(ILogger logger, string user, IPAddress? address, string reason);

        [LoggerMessage(6304, LogLevel.Warning, "Log-in of {User} from {Address}: not tried, too many have failed; retry in {Seconds} s")]
        public static partial void Limited(ILogger logger, string user, IPAddress? address, int seconds);
    }
}

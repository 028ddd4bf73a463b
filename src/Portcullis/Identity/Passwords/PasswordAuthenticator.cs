using BCrypt.Net;
using Portcullis.Core.Access;
using Portcullis.Core.Identity;
using Portcullis.Identity.Logins;
using Portcullis.Identity.Stored;

namespace Portcullis.Identity.Passwords;

/// <summary>Passwords of Organizations' users. A hash takes a good part of a second of a processor, so few are checked at once.</summary>
internal sealed class PasswordAuthenticator(OrganizationPasswords passwords) : IAuthenticator, IDisposable
{
    /// <summary>Of no password anybody uses: checked for users without one, so that the time of the answer does not tell who has.</summary>
    private const string Nobodys = "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    public async ValueTask<LoginVerdict> AuthenticateAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        // Tokens are tried more often than passwords may be.
        if (TokenShape.IsToken(attempt.Password))
        {
            return LoginVerdict.NotMine.Instance;
        }

        var hash = passwords.HashOf(attempt.User);
        var matches = await MatchesAsync(attempt.Password, hash ?? Nobodys, cancellationToken);
        if (hash is null)
        {
            return new LoginVerdict.NotMine(passwords.WhyNone(attempt.User));
        }

        return !matches ? new LoginVerdict.Refused("wrong password") : new LoginVerdict.Authenticated(new GatewayCaller { User = new AccessUser(attempt.User), Method = LoginMethod.Password })
        {
            StillHolds = () => passwords.HashOf(attempt.User) == hash,
            Proof = OrganizationPasswords.FingerprintOf(hash),
        };
    }

    public void Dispose() => _turns.Dispose();

    private async Task<bool> MatchesAsync(string password, string hash, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => BCrypt.Net.BCrypt.Verify(password, hash), cancellationToken);
        }
        catch (SaltParseException)
        {
            // It has the form of a hash and is none: nobody's password.
            return false;
        }
        finally
        {
            _turns.Release();
        }
    }
}

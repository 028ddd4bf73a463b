using System.DirectoryServices.Protocols;
using System.Net.Sockets;
using Portcullis.Core.Identity;
using Portcullis.Identity.Logins;
using Portcullis.Identity.Stored;
using Portcullis.Secrets;

namespace Portcullis.Identity.Directories;

/// <summary>Asks LDAP directories whether they know a user and his password.</summary>
internal sealed class LdapAuthenticator(Providers providers, SourceSecrets secrets, TrustFolders folders) : IAuthenticator, IDisposable
{
    private const int MostAtOnce = 8;

    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _turns = new(MostAtOnce);

    /// <summary>Of several directories the first that accepts decides; a refusal of one counts when no other accepts.</summary>
    public async ValueTask<LoginVerdict> AuthenticateAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        // A token is nothing that a directory should see.
        if (TokenShape.IsToken(attempt.Password) || !ReportedNames.IsUser(attempt.User))
        {
            return LoginVerdict.NotMine.Instance;
        }

        LoginVerdict verdict = LoginVerdict.NotMine.Instance;
        foreach (var provider in providers.All().Where(p => p.Spec.Ldap is not null))
        {
            var one = await AskAsync(provider, attempt, cancellationToken);
            if (one is LoginVerdict.Authenticated accepted)
            {
                return accepted with { StillHolds = () => providers.StillHas(provider) };
            }

            verdict = one is LoginVerdict.Unknown || verdict is LoginVerdict.NotMine ? one : verdict;
        }

        return verdict;
    }

    public void Dispose() => _turns.Dispose();

    private async Task<LoginVerdict> AskAsync(IdentityProvider provider, LoginAttempt attempt, CancellationToken cancellationToken)
    {
        var directory = provider.Spec.Ldap!;
        try
        {
            var source = Providers.SourceOf(provider);
            var searcher = SearcherOf(directory, source);
            var authorities = directory.CaSecretRef is { } reference ? folders.Of(secrets.Value(source, reference.Name, "ca.crt")) : null;
            await ProbeAsync(new Uri(directory.Url), cancellationToken);
            return await InTurnAsync(() => LdapUser.LogIn(directory, authorities, searcher, attempt), cancellationToken);
        }
        catch (Exception e) when (e is DirectoryException or BoundSecretException or SocketException or TimeoutException)
        {
            return new LoginVerdict.Unknown($"the IdentityProvider {provider.Key.Name}: {e.Message}");
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException)
        {
            return new LoginVerdict.Unknown($"the IdentityProvider {provider.Key.Name}: the library libldap is not installed here (Debian: libldap2 or libldap-2.5-0)");
        }
    }

    /// <summary>The library waits for a connection as long as the system does, which is minutes.</summary>
    private static async Task ProbeAsync(Uri url, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(url.IdnHost, LdapCall.PortOf(url), cancellationToken).AsTask().WaitAsync(ConnectWithin, cancellationToken);
    }

    /// <summary>The turn ends with the thread, not with the patience: a directory that hangs takes no more threads than these.</summary>
    private async Task<LoginVerdict> InTurnAsync(Func<LoginVerdict> work, CancellationToken cancellationToken)
    {
        if (!await _turns.WaitAsync(AnswerWithin, cancellationToken))
        {
            throw new TimeoutException("too many log-ins wait for it");
        }

        var running = Task.Run(
            () =>
            {
                try
                {
                    return work();
                }
                finally
                {
                    _turns.Release();
                }
            },
            CancellationToken.None);
        return await running.WaitAsync(AnswerWithin, cancellationToken);
    }

    private (string Name, string Password)? SearcherOf(LdapDirectory directory, string source)
    {
        if (directory.Search is not { } search)
        {
            return null;
        }

        var secret = secrets.Read(source, search.BindSecretRef.Name);
        secret.RequireHost(new Uri(directory.Url).Authority);
        return (Value("username"), Value("password"));

        string Value(string key) => secret.Find(key) ?? throw new BoundSecretException($"the Secret {secret.Name} has no key {key}");
    }
}

using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portcullis.Kubernetes.Connection;

/// <summary>What is shown to the server on one request. Has no text form, so that it cannot end in a log.</summary>
public sealed class Credential
{
    public AuthenticationHeaderValue? Authorization { get; init; }

    public X509Certificate2? Certificate { get; init; }


    public static Credential Basic(string user, string password) =>
        new() { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))) };

    /// <summary>Whether it is valid in a header: a file or a plugin may contain anything.</summary>
    internal static bool IsToken(string text) => text.Length > 0 && text.All(c => c is > ' ' and < '\x7f');

    public override string ToString() => nameof(Credential);
}

/// <summary>Gives the credential of the moment: tokens expire and files are rotated while the program runs.</summary>
public interface ICredentialSource
{
    ValueTask<Credential> GetAsync(CancellationToken cancellationToken);

    /// <summary>The certificate of the last credential given; asked while a connection is opened.</summary>
    X509Certificate2? Certificate { get; }

    /// <summary>The server answered 401 to this credential. True when the next one may be another.</summary>
    bool Refused(Credential credential);
}

/// <summary>A credential that never changes.</summary>
public sealed class FixedCredentials(Credential credential) : ICredentialSource
{
    /// <summary>Shows nothing.</summary>
    public static FixedCredentials None { get; } = new(new Credential());

    public X509Certificate2? Certificate => credential.Certificate;

    public ValueTask<Credential> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(credential);

    public bool Refused(Credential credential) => false;
}

using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Notaries;
using Portcullis.Trust.Reading;

namespace Portcullis.Tests.Trust.Reading;

/// <summary>A name on a real Notary server, with trust data that the real client publishes, and our reader before it.</summary>
internal sealed class SignedRepository : IAsyncDisposable
{
    private SignedRepository(NotaryServer server, MeddlingNotary meddling, string gun)
    {
        Gun = gun;
        Client = new NotaryClientProgram(server.Address);
        Meddling = meddling;
    }

    public string Gun { get; }

    public NotaryClientProgram Client { get; }

    public MeddlingNotary Meddling { get; }

    /// <summary>The clock of the reader.</summary>
    public SetTime Time { get; } = new();

    /// <summary>Pins the client's root keys as they are now.</summary>
    public TrustAnchor Anchor => new(Gun, Client.KeyIdsOf("root"));

    /// <summary>Initialised, and with <c>1.0</c> signed by <c>targets</c>.</summary>
    public static async Task<SignedRepository> CreateAsync(NotaryServer server, string gun)
    {
        var repository = new SignedRepository(server, await MeddlingNotary.StartAsync(server.Address), gun);
        (await repository.Client.RunAsync("init", gun, "-p")).Succeeded();
        await repository.SignAsync("1.0");
        return repository;
    }

    /// <summary>The digest that is signed under a tag.</summary>
    public static string DigestOf(string tag) => $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(tag)))}";

    public Task SignAsync(string tag, params string[] roles) => Client.SignAsync(Gun, tag, DigestOf(tag), tag.Length, roles);

    /// <summary>A delegation for new keys, which this client then holds.</summary>
    public async Task DelegateAsync(string role, params System.Security.Cryptography.AsymmetricAlgorithm?[] keys)
    {
        var pairs = keys.Select((k, i) => Client.NewKeyPair($"{role.Replace('/', '-')}-{i}", k)).ToList();
        foreach (var (key, _) in pairs)
        {
            await Client.ImportAsync(key, "user");
        }

        (await Client.RunAsync(["delegation", "add", Gun, role, .. pairs.Select(p => p.Certificate), "--all-paths", "-p"])).Succeeded();
    }

    public Task<ReadOutcome> ReadAsync(TrustReading? known = null, TrustAnchor? anchor = null, SeenVersions? seen = null) =>
        new TrustReader(Time).ReadAsync(anchor ?? Anchor, Meddling.Client, known, seen, CancellationToken.None);

    /// <summary>What is read must be believed.</summary>
    public async Task<TrustReading> VerifiedAsync(TrustReading? known = null, TrustAnchor? anchor = null) =>
        await ReadAsync(known, anchor) switch
        {
            ReadOutcome.Verified verified => verified.Reading,
            var other => throw new AssertionException(other.ToString()),
        };

    /// <summary>What is read must be refused: why.</summary>
    public async Task<string> RejectedAsync(TrustReading? known = null, TrustAnchor? anchor = null, SeenVersions? seen = null) =>
        await ReadAsync(known, anchor, seen) switch
        {
            ReadOutcome.Rejected rejected => rejected.Message,
            var other => throw new AssertionException(other.ToString()),
        };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Meddling.DisposeAsync();
    }

    /// <summary>The real time, moved.</summary>
    internal sealed class SetTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}

using Portcullis.Clients.Notary;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Reading;

/// <summary>
/// Files that are asked for all at once, by their newest names, before what must name them was read: a first reading then waits for two answers in a row in
/// place of five. Each is verified in its turn, as if it had been asked for then; one that is not the file that is needed is dropped, and that one is asked for
/// by its checksum.
/// </summary>
internal sealed class FilesAhead : IAsyncDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly Dictionary<string, Task<byte[]?>> _asked;

    /// <param name="files">Where they are.</param>
    /// <param name="roles">Whose.</param>
    public FilesAhead(TrustFiles files, params IEnumerable<string> roles)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(files.CancellationToken);
        var until = files.Until(_end.Token);
        _asked = roles.ToDictionary(r => r, until.NewestAsync, StringComparer.Ordinal);
    }

    /// <summary>The newest file of a role; null when the server has none.</summary>
    /// <param name="role">One of those that were asked for.</param>
    /// <exception cref="TrustRefusedException">It is longer than it may be.</exception>
    /// <exception cref="NotaryException">The server cannot be asked.</exception>
    public Task<byte[]?> NewestAsync(string role) => _asked[role];

    /// <summary>The file that is needed; null when another one came, none, or it was not asked for.</summary>
    public async Task<ReadOnlyMemory<byte>?> FindAsync(NeededRole needed)
    {
        if (!_asked.TryGetValue(needed.Role, out var asked))
        {
            return null;
        }

        try
        {
            return await asked is { } file && needed.File!.IsOf(file) ? file : default(ReadOnlyMemory<byte>?);
        }
        catch (Exception e) when (e is TrustRefusedException or NotaryException)
        {
            // The request for the very file fails with what is wrong.
            return null;
        }
    }

    /// <summary>Ends the requests whose answers nobody has waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await ((Task)Task.WhenAll(_asked.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }
}

using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Clients.Git;

/// <summary>
/// The ssh connections that are kept open between commands: connecting costs more than everything else that is asked of a Git server. Each
/// belongs to one address, private key and known_hosts; whoever has another of these has another connection. A follower whose key or known_hosts
/// changes leaves its connection at once, and one that nobody follows or uses any more is ended.
/// </summary>
public sealed class SshConnections(GitOptions options, TimeProvider time) : IDisposable
{
    /// <summary>The path of a unix socket may be 107 bytes, of which ssh needs 17 for the name that it uses first.</summary>
    private const int LongestPath = 107 - 17;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, KeptConnection> _connections = new(StringComparer.Ordinal);

    /// <summary>The connection of each follower.</summary>
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);
    private string? _folder;
    private int _made;
    private bool _disposed;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    public void Dispose()
    {
        List<KeptConnection> all;
        lock (_gate)
        {
            _disposed = true;
            all = [.. _connections.Values];
            _connections.Clear();
        }

        all.ForEach(c => c.Dispose());
        if (_folder is not null && Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>A connection to this remote, kept or new; null when there is none to be shared.</summary>
    internal async Task<SharedConnection?> OpenAsync(GitRemote remote, CancellationToken cancellationToken)
    {
        if (remote is not { Url.Transport: GitTransport.Ssh, Credentials: GitCredentials.Ssh ssh })
        {
            return null;
        }

        var (connection, isNew) = Find(remote, KeyOf(remote.Url, ssh));
        return connection is not null && await connection.PathAsync(cancellationToken) is { } path ? new SharedConnection(connection, path, isNew) : null;
    }

    /// <summary>The connection did not serve: the next command opens another.</summary>
    internal void End(SharedConnection connection) => End(connection.Connection);

    /// <summary>This follower needs no connection any more.</summary>
    internal void Leave(string owner)
    {
        KeptConnection? left;
        lock (_gate)
        {
            left = LeaveLocked(owner);
        }

        left?.Dispose();
    }

    private (KeptConnection? Connection, bool IsNew) Find(GitRemote remote, string key)
    {
        KeptConnection? left = null, lost = null;
        try
        {
            lock (_gate)
            {
                left = _keys.TryGetValue(remote.Owner, out var before) && before != key ? LeaveLocked(remote.Owner) : null;
                _keys[remote.Owner] = key;
                if (_connections.TryGetValue(key, out var present) && !present.IsLost)
                {
                    return (present, false);
                }

                lost = present;
                return _disposed || NextPath() is not { } path ? (null, false) : (Begin(remote, key, path), true);
            }
        }
        finally
        {
            left?.Dispose();
            lost?.Dispose();
        }
    }

    private KeptConnection Begin(GitRemote remote, string key, string path)
    {
        KeptConnection? connection = null;
        var end = time.CreateTimer(_ => End(connection!), null, KeptConnection.IdleLimit, Timeout.InfiniteTimeSpan);
        connection = new KeptConnection(key, Task.Run(() => ConnectAsync(remote, path)), end);
        return _connections[key] = connection;
    }

    private KeptConnection? LeaveLocked(string owner) =>
        _keys.Remove(owner, out var key) && !_keys.ContainsValue(key) && _connections.Remove(key, out var connection) ? connection : null;

    private async Task<SshMaster?> ConnectAsync(GitRemote remote, string path)
    {
        using var limit = new CancellationTokenSource(remote.Timeout, time);
        using var environment = new GitEnvironment(options);
        try
        {
            return await SshMaster.ConnectAsync(environment, remote, path, limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or Win32Exception or GitException)
        {
            return null; // no shell, no answer, no credentials
        }
    }

    private void End(KeptConnection connection)
    {
        lock (_gate)
        {
            if (_connections.GetValueOrDefault(connection.Key) == connection)
            {
                _connections.Remove(connection.Key);
            }
        }

        connection.Dispose();
    }

    /// <summary>Null when the folder for temporary files is too deep for a socket.</summary>
    private string? NextPath()
    {
        _folder ??= Directory.CreateTempSubdirectory("portcullis-ssh-").FullName; // mode 0700
        var path = Path.Combine(_folder, (++_made).ToString(CultureInfo.InvariantCulture));
        return Encoding.UTF8.GetByteCount(path) <= LongestPath ? path : null;
    }

    private static string KeyOf(GitUrl url, GitCredentials.Ssh credentials)
    {
        var address = new Uri(url.Text);
        string[] parts = [address.UserInfo, address.Authority, credentials.Identity.Trim(), credentials.KnownHosts.Trim()];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))));
    }
}

/// <summary>A kept connection, as one command uses it. <paramref name="IsNew"/>: it was opened for this command.</summary>
internal sealed record SharedConnection(KeptConnection Connection, string ControlPath, bool IsNew);

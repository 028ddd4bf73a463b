namespace Portcullis.Scanning.Advisories;

/// <summary>
/// The database at a path, as the file is replaced in the course of time. Whoever took one goes on with it; the file of one that nobody has any more is closed by the runtime.
/// </summary>
public sealed class AdvisoryDatabases(string path)
{
    private readonly Lock _refreshing = new();
    private volatile AdvisoryDatabase? _current;
    private (DateTime Written, long Length) _seen;

    public string Path => path;

    /// <summary>The newest one; null while there is no file that could be opened.</summary>
    public AdvisoryDatabase? Current => _current;

    /// <summary>Why the file that is there now is not the current one; null when it is, or when there is no file.</summary>
    public string? Problem { get; private set; }

    /// <summary>
    /// Looks whether the file was replaced and opens it; true when <see cref="Current"/> is another one now. A file that cannot be used leaves the current one in force, with
    /// <see cref="Problem"/>, and is tried again when it changes. So does a file that is gone.
    /// </summary>
    public bool Refresh()
    {
        lock (_refreshing)
        {
            var file = new FileInfo(path);
            var seen = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
            if (seen == _seen)
            {
                return false;
            }

            _seen = seen;
            return file.Exists && TryOpen();
        }
    }

    private bool TryOpen()
    {
        try
        {
            _current = AdvisoryDatabase.Open(path);
            Problem = null;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = e.Message;
            return false;
        }
    }
}

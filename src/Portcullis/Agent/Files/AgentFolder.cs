namespace Portcullis.Agent.Files;

/// <summary>The state folder of the agent: what must survive it, and copies of files that it replaced. Only its owner can read it.</summary>
internal sealed class AgentFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int MostCopies = 5;
    private readonly string _path;

    public AgentFolder(string path)
    {
        _path = path;
        Directory.CreateDirectory(path, OwnerOnly);
        AtomicFile.RemoveTemporary(path);
    }

    public string PathOf(string file) => Path.Combine(_path, file);

    /// <summary>A file that exists only while a command reads it; should the agent be killed meanwhile, the next start deletes it.</summary>
    public string TemporaryPath(string name) => PathOf($".{name}{AtomicFile.TemporarySuffix}");

    public void Write(string file, ReadOnlySpan<byte> bytes)
    {
        var path = PathOf(file);
        var existed = File.Exists(path);
        AtomicFile.Replace(path, bytes);
        if (!existed)
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>Keeps bytes that are about to be replaced. Of the copies of one kind, which have names up to the last hyphen in common, the newest stay.</summary>
    public void KeepCopy(string name, ReadOnlySpan<byte> bytes)
    {
        Write(name, bytes);
        var kind = name[..(name.LastIndexOf('-') + 1)];
        foreach (var old in Directory.GetFiles(_path, $"{kind}*").OrderDescending(StringComparer.Ordinal).Skip(MostCopies))
        {
            File.Delete(old);
        }
    }
}

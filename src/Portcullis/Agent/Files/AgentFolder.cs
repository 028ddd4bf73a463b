using Portcullis.Errors;
using Portcullis.Http.Machine;

namespace Portcullis.Agent.Files;

/// <summary>The state folder of the agent: what must survive it, and copies of files that it replaced. Only its owner can read it.</summary>
internal sealed class AgentFolder
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MostCopies = 5;
    private readonly string _path;

    /// <exception cref="CommandException">Another user may write into it, and so choose what the agent restores as the last good file.</exception>
    public AgentFolder(string path)
    {
        _path = path;
        if (PrivateFolder.Claim(path) is { } problem)
        {
            throw new CommandException(ExitCode.WrongInput, $"--state: {problem}");
        }

        AtomicFile.RemoveTemporary(path);
    }

    public string PathOf(string file) => Path.Combine(_path, file);

    /// <summary>A file that exists only while a command reads it; should the agent be killed meanwhile, the next start deletes it.</summary>
    /// <returns>Its path.</returns>
    public string WriteTemporary(string name, ReadOnlySpan<byte> bytes)
    {
        var file = $".{name}{AtomicFile.TemporarySuffix}";
        Write(file, bytes);
        return PathOf(file);
    }

    public void Write(string file, ReadOnlySpan<byte> bytes) => AtomicFile.Replace(PathOf(file), bytes, mode: OwnersFile);

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

using System.Collections.Concurrent;
using System.Globalization;
using Portcullis.ApiServer;
using Portcullis.Errors;
using Portcullis.Http.Machine;

namespace Portcullis.Up;

/// <summary>
/// The state folder of <c>portcullis up</c>: everything it keeps is in it, only its owner may read it, and one run at a time locks it.
/// </summary>
internal sealed class StateFolder : IDisposable
{
    // A unix socket's path has at most 107 bytes (unix(7)); the engine's longest below the folder takes 43.
    private const int LongestPath = 64;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;
    private readonly ConcurrentDictionary<string, int> _ports = new(StringComparer.Ordinal);

    private StateFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <summary>Creates the folder where it is missing and locks it until the end of this process.</summary>
    public static StateFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (full.Length > LongestPath)
        {
            throw new CommandException(
                ExitCode.WrongInput,
                $"the path of the state folder {full} has {full.Length} characters, but the Unix sockets in it allow at most {LongestPath}: choose a shorter --state");
        }

        if (PrivateFolder.Claim(full) is { } problem)
        {
            throw new CommandException(ExitCode.WrongInput, $"--state: {problem}");
        }

        try
        {
            // FileShare.None is an flock(2): the kernel drops it with the process, so a killed run leaves no stale lock.
            return new StateFolder(full, new FileStream(System.IO.Path.Combine(full, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new CommandException(
                ExitCode.WrongInput, $"another portcullis up is using {full}: stop it, or choose another folder with --state");
        }
    }

    /// <summary>The folder of one component, created when missing.</summary>
    public string Folder(string component) => Directory.CreateDirectory(System.IO.Path.Combine(Path, component), OwnerOnly).FullName;

    /// <summary>A free loopback port for a component: the same for the whole run, and the same at each start unless another program has taken it.</summary>
    public int Port(string component) => _ports.GetOrAdd(component, ChoosePort);

    private int ChoosePort(string component)
    {
        var file = System.IO.Path.Combine(Folder(component), "port");
        var port = LoopbackPort.Choose(file);
        File.WriteAllText(file, port.ToString(CultureInfo.InvariantCulture));
        return port;
    }

    public void Dispose() => _lock.Dispose();
}

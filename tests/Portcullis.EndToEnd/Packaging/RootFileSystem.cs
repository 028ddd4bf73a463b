using System.Diagnostics;

namespace Portcullis.EndToEnd.Packaging;

/// <summary>
/// The root of an image put together from this machine's own programs and the libraries they load, so that a base image can be made
/// where no registry may be asked.
/// </summary>
internal sealed class RootFileSystem : IDisposable
{
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly string _own = Directory.CreateTempSubdirectory("pr-").FullName;

    public RootFileSystem()
    {
        // Where /bin is part of /usr, programs and their loader are asked for by both names.
        _paths.UnionWith(new[] { "/bin", "/sbin", "/lib", "/lib64" }.Where(p => new FileInfo(p).LinkTarget is not null));
        Write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
        Write("etc/group", "root:x:0:\n");
        Directory.CreateDirectory(Path.Combine(_own, "tmp"), (UnixFileMode)0b001_111_111_111);
    }

    /// <summary>Where a program is found; null when this machine has none of that name.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);

    /// <summary>A file of the image that this machine has not.</summary>
    public void Write(string path, string content)
    {
        var file = Path.Combine(_own, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    /// <summary>Programs by name, with their libraries.</summary>
    public void AddPrograms(params IReadOnlyList<string> names) =>
        AddBinaries(names.Select(n => Find(n) ?? throw new InvalidOperationException($"{n} is not installed")));

    /// <summary>A folder with everything in it, and the libraries of its binaries.</summary>
    public void AddTree(string folder)
    {
        _paths.Add(Real(folder));
        AddLibraries(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".so", StringComparison.Ordinal) || File.GetUnixFileMode(f).HasFlag(UnixFileMode.UserExecute)));
    }

    public void AddFiles(params IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            Follow(file);
        }
    }

    /// <summary>A library that is only loaded while a program runs, by its name.</summary>
    public void AddLibrary(string name) => AddBinaries(
        Run("/sbin/ldconfig", "-p").Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith(name + " ", StringComparison.Ordinal)).Select(l => l.Split(" => ")[1]));

    /// <summary>Makes the image.</summary>
    public void Import(DockerClient docker, string image, params IEnumerable<string> environment)
    {
        var list = Path.Combine(_own, ".list");
        File.WriteAllLines(list, _paths.Where(p => !IsBelowAnother(p)).Select(p => p[1..]).Order(StringComparer.Ordinal));
        var changes = string.Join(' ', environment.Prepend("PATH=/usr/bin:/bin").Select(e => $"-c 'ENV {e}'"));
        docker.Shell($"tar -c -C / -T {list} -C {_own} --exclude=./.list . | docker import {changes} - {image}");
    }

    public void Dispose() => Directory.Delete(_own, recursive: true);

    /// <summary>A file told twice would be a link to itself.</summary>
    private bool IsBelowAnother(string path)
    {
        for (var above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            if (_paths.Contains(above))
            {
                return true;
            }
        }

        return false;
    }

    private void AddBinaries(IEnumerable<string> files)
    {
        var all = files.ToList();
        AddFiles(all);
        AddLibraries(all);
    }

    private void AddLibraries(IEnumerable<string> files)
    {
        foreach (var some in files.Chunk(200))
        {
            // "libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)", "/lib64/ld-linux-x86-64.so.2 (0x…)"; scripts are "not a dynamic executable".
            AddFiles(Run("ldd", some).Split('\n')
                .Where(l => l.Contains(" (0x", StringComparison.Ordinal))
                .Select(l => l.Split(" => ")[^1].Trim().Split(' ')[0])
                .Where(p => p.StartsWith('/')));
        }
    }

    /// <summary>The file itself and, for a link, what it leads to.</summary>
    private void Follow(string path)
    {
        var file = Path.Combine(Real(Path.GetDirectoryName(path)!), Path.GetFileName(path));
        if (_paths.Add(file) && new FileInfo(file).LinkTarget is { } target)
        {
            Follow(Path.GetFullPath(target, Path.GetDirectoryName(file)!));
        }
    }

    private static string Real(string folder) => Run("realpath", folder).Trim();

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}

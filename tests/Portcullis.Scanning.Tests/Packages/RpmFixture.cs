using System.Diagnostics;
using System.Text;

namespace Portcullis.Scanning.Tests.Packages;

/// <summary>A database that the real rpm wrote, of packages that the real rpmbuild built: one named hello of epoch 2 with a program, and many that belong to it.</summary>
internal sealed class RpmFixture : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portcullis-rpm-").FullName;

    private RpmFixture()
    {
    }

    public string Database => Path.Combine(_folder, "db", "rpmdb.sqlite");

    /// <summary>Null when rpm is not installed.</summary>
    public static RpmFixture? Create(int parts)
    {
        var fixture = new RpmFixture();
        try
        {
            fixture.Build(parts);
            return fixture;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            fixture.Dispose();
            return null;
        }
    }

    /// <summary>NAME VERSION of each package, as rpm itself says.</summary>
    public IReadOnlyList<string> Said() => Run("rpm", "--dbpath", Path.Combine(_folder, "db"), "-qa", "--qf", "%{NAME} %{EVR}\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Build(int parts)
    {
        var spec = new StringBuilder("""
            Name: hello
            Epoch: 2
            Version: 1.0
            Release: 3
            Summary: x
            License: GPL-2.0-or-later
            BuildArch: noarch
            %description
            x
            %files
            /usr/bin/hello
            %install
            mkdir -p %{buildroot}/usr/bin
            echo a > %{buildroot}/usr/bin/hello

            """);
        for (var i = 0; i < parts; i++)
        {
            spec.Append($"%package part{i}\nSummary: x\n%description part{i}\n{new string('x', i * 40)}\n%files part{i}\n\n");
        }

        var file = Path.Combine(_folder, "hello.spec");
        File.WriteAllText(file, spec.ToString());
        Run("rpmbuild", "-bb", "--define", $"_topdir {_folder}", "--define", "_db_backend sqlite", file);
        var packages = Directory.GetFiles(Path.Combine(_folder, "RPMS"), "*.rpm", SearchOption.AllDirectories);
        Run("rpm", ["--define", "_db_backend sqlite", "--dbpath", Path.Combine(_folder, "db"), "-i", "--justdb", "--nodeps", "--noscripts", .. packages]);
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new IOException($"{program} ended with {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
    }
}

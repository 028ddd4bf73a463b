using System.Text;
using Portcullis.Core.Components;
using Portcullis.Core.Licences;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Apk;

/// <summary>The database of apk-tools (apk-package(5), "installed database"): a letter and a value a line, a package a paragraph.</summary>
internal sealed class ApkInstalled : IPackageReader
{
    public bool NamesComponents => true;

    // From Alpine 3.23 on /lib is a link into /usr.
    public bool Reads(ReadOnlySpan<char> path) => path is "lib/apk/db/installed" or "usr/lib/apk/db/installed";

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var components = new ComponentList(source);
        var package = new ApkPackage(source);
        foreach (var line in new TextLines(source.Content.Span))
        {
            if (line.IsEmpty)
            {
                package = Finish(package, components, source);
            }
            else if (line.Length > 1 && line[1] == ':')
            {
                package.Read(line[0], line[2..]);
            }
            else
            {
                throw new UnreadableFileException("it is no database of apk");
            }
        }

        Finish(package, components, source);
        return components.All;
    }

    private static ApkPackage Finish(ApkPackage package, ComponentList components, PackageSource source)
    {
        if (package.Component is { } component)
        {
            components.Add(component);
        }
        else if (!package.IsEmpty)
        {
            source.Report("a package in it has no name or no version");
        }

        return new ApkPackage(source);
    }

    /// <summary>A paragraph, line by line.</summary>
    private sealed class ApkPackage(PackageSource source)
    {
        private readonly PackageOwner _owner = new() { IsOfDistribution = true };
        private string? _name;
        private string? _version;
        private string? _origin;
        private string? _architecture;
        private string? _license;
        private string _directory = "";

        public bool IsEmpty { get; private set; } = true;

        public Component? Component => _owner.Component ??= _name is null || _version is null ? null : new()
        {
            Format = PackageFormat.Apk,
            Name = _name,
            Version = _version,
            SourceName = _origin == _name ? null : _origin,
            Architecture = _architecture,
            License = _license,
        };

        public void Read(byte letter, ReadOnlySpan<byte> value)
        {
            IsEmpty = false;
            var text = Encoding.UTF8.GetString(value);
            switch ((char)letter)
            {
                case 'P':
                    _name = text;
                    break;
                case 'V':
                    _version = text;
                    break;
                case 'o':
                    _origin = text;
                    break;
                case 'A':
                    _architecture = text;
                    break;
                case 'L':
                    _license = DeclaredLicense.OfApk(text);
                    break;
                case 'F':
                    _directory = text;
                    break;
                case 'R':
                    source.Owners.Add(_directory.Length == 0 ? text : $"{_directory}/{text}", _owner);
                    break;
            }
        }
    }
}

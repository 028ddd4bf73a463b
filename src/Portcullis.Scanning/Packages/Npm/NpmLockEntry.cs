using System.Text.Json;

namespace Portcullis.Scanning.Packages.Npm;

/// <summary>The properties of a package in a lock file that are read.</summary>
internal sealed class NpmLockEntry
{
    private readonly NpmManifest _manifest = new();
    private bool _development;
    private bool _isLink;
    private bool _isForOthers;

    /// <summary>The package's own name, where it is installed under another.</summary>
    public string? Name => _manifest.Name;

    public string? Version => _manifest.Version;

    public string? License => _manifest.License;

    public bool IsInstalled => !_development && !_isLink && !_isForOthers;

    public bool Read(string property, ref Utf8JsonReader reader)
    {
        switch (property)
        {
            case "dev" or "devOptional":
                _development |= reader.TokenType == JsonTokenType.True;
                return false;
            case "link":
                _isLink = reader.TokenType == JsonTokenType.True;
                return false;
            case "os" when reader.TokenType == JsonTokenType.StartArray:
                ReadSystems(ref reader);
                return true;
            default:
                return _manifest.Read(property, ref reader);
        }
    }

    private void ReadSystems(ref Utf8JsonReader reader)
    {
        var systems = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (JsonFile.Text(ref reader) is { } system)
            {
                systems.Add(system);
            }
        }

        _isForOthers = systems.Contains("!linux") || (systems.Exists(s => !s.StartsWith('!')) && !systems.Contains("linux"));
    }
}

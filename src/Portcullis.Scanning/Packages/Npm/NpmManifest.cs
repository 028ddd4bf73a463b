using System.Text.Json;
using Portcullis.Core.Licences;

namespace Portcullis.Scanning.Packages.Npm;

/// <summary>The properties of a package.json that are read.</summary>
internal sealed class NpmManifest
{
    private readonly List<string> _licenses = [];

    public string? Name { get; private set; }

    public string? Version { get; private set; }

    public string? License => NpmLicense.Of(_licenses);

    public bool Read(string property, ref Utf8JsonReader reader)
    {
        switch (property)
        {
            case "name":
                Name = JsonFile.Text(ref reader);
                return true;
            case "version":
                Version = JsonFile.Text(ref reader);
                return true;
            case "license" or "licenses":
                ReadLicense(ref reader);
                return true;
            default:
                return false;
        }
    }

    // An expression; before npm 2 an object with the field type, or a list of such.
    private void ReadLicense(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                ReadLicense(ref reader);
            }
        }
        else if (reader.TokenType == JsonTokenType.String)
        {
            _licenses.Add(reader.GetString()!);
        }
        else
        {
            JsonFile.Properties(ref reader, ReadType);
        }
    }

    private bool ReadType(string property, ref Utf8JsonReader reader)
    {
        if (property != "type")
        {
            return false;
        }

        if (JsonFile.Text(ref reader) is { } type)
        {
            _licenses.Add(type);
        }

        return true;
    }
}

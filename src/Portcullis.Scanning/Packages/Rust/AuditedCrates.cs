using System.Text.Json;
using Portcullis.Core.Components;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Rust;

/// <summary>The list of crates that `cargo auditable` writes (cargo-auditable.schema.json).</summary>
internal static class AuditedCrates
{
    // What only ran at build time, or is a procedural macro, is not in the program.
    private const string Build = "build";

    /// <exception cref="UnreadableFileException">It is no such list.</exception>
    public static IReadOnlyList<Component> Read(ReadOnlySpan<byte> json)
    {
        var crates = new List<Component>();
        JsonFile.Read(json, (ref Utf8JsonReader reader) =>
        {
            JsonFile.Properties(ref reader, (string name, ref Utf8JsonReader value) => name == "packages" && ReadPackages(ref value, crates));
            return true;
        });
        return crates;
    }

    private static bool ReadPackages(ref Utf8JsonReader reader, List<Component> crates)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            string? name = null;
            string? version = null;
            string? kind = null;
            JsonFile.Properties(ref reader, (string property, ref Utf8JsonReader value) =>
            {
                switch (property)
                {
                    case "name":
                        name = JsonFile.Text(ref value);
                        return true;
                    case "version":
                        version = JsonFile.Text(ref value);
                        return true;
                    case "kind":
                        kind = JsonFile.Text(ref value);
                        return true;
                    default:
                        return false;
                }
            });
            if (name is not { Length: > 0 })
            {
                throw new UnreadableFileException("its list of crates has one without a name");
            }

            if (kind != Build)
            {
                crates.Add(new() { Format = PackageFormat.Crate, Name = name, Version = version ?? "" });
            }
        }

        return true;
    }
}

using System.Xml;

namespace Portcullis.Scanning.Packages;

/// <summary>Reads XML files of packages. A package comes from anybody: nothing outside of the file is read for it, and nothing in it is expanded.</summary>
internal static class XmlFile
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreWhitespace = true };

    /// <summary>A reader of the file, which throws <see cref="XmlException"/> when it is damaged.</summary>
    public static XmlReader Open(Stream file) => XmlReader.Create(file, Settings);
}

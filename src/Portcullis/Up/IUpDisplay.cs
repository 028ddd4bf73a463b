using Portcullis.Processes;

namespace Portcullis.Up;

/// <summary>Where <c>portcullis up</c> shows how it fares: a live table on a terminal, plain lines anywhere else.</summary>
internal interface IUpDisplay
{
    /// <summary>A thing that happened once (progress at the start, an instruction); stays visible.</summary>
    void Say(string line);

    void Part(PartReport report);

    void Rows(IReadOnlyList<ResourceRow> rows);
}

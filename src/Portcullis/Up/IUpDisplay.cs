using Portcullis.Processes;

namespace Portcullis.Up;

/// <summary>Where <c>portcullis up</c> shows its state: a live table on a terminal, plain lines anywhere else.</summary>
internal interface IUpDisplay
{
    /// <summary>A line that stays visible: progress at the start, an instruction.</summary>
    void Say(string line);

    void Component(ComponentReport report);

    void Rows(IReadOnlyList<ResourceRow> rows);
}

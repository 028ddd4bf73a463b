using Portcullis.Processes;

namespace Portcullis.Up.Components;

/// <summary>A real server that <c>portcullis up</c> runs beside itself, wholly inside the state folder and on loopback.</summary>
internal interface ILocalComponent
{
    /// <summary>As <c>--without</c> names it.</summary>
    string Name { get; }

    /// <summary>Writes its configuration and returns how it is started.</summary>
    ChildSpec Prepare();

    /// <summary>Null once it serves; else what is missing.</summary>
    Task<string?> ProbeAsync(ChildSpec spec, CancellationToken cancellationToken);
}

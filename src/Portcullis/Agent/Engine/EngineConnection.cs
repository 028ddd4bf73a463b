using Portcullis.Clients.Engine;

namespace Portcullis.Agent.Engine;

/// <summary>The engine of this node: its API, the process that runs it, and the reloads that it reports.</summary>
internal sealed record EngineConnection(EngineClient Api, IEngineProcess Process, ReloadEvents Reloads);

using Portcullis.Core.Drift;

namespace Portcullis.Drift;

/// <summary>Who last changed a managed object by hand, as far as our observing admission webhook saw it.</summary>
internal interface IEditLog
{
    /// <summary>The last write that was not ours; null when none was seen. Never waits.</summary>
    EditRecord? LastEdit(ApiResource resource, ObjectKey key);
}

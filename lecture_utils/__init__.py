"""lecture_utils: the instruments of the course on the geometry of training.

The way through is one way: data and a network make a ``loss(params) -> scalar``; from the loss
come derivatives, spectra, critical points and trajectories; arrays go to ``figures``; figures go
into ``explorers``.

Examples in the docstrings begin with

    import jax
    import jax.numpy as jnp
    import numpy as np
    import lecture_utils as lu

Importing it changes nothing global.  JAX computes in float32 unless told otherwise; what reads the
*sign* of an eigenvalue computes in float64 all the same, in a scope of its own, wherever the loss
allows it.
"""

from .batches import (
    over_batches,
)
from .critical_points import (
    AutoencoderPoint,
    CriticalPoints,
    classify_critical_point,
    escape_direction,
    find_critical_points,
    linear_autoencoder_points,
    newton_step,
    saddle_free_newton_step,
)
from .derivatives import (
    finite_difference_gradient,
    finite_difference_hessian,
    gradient,
    hessian,
    hvp,
    quadratic_model,
)
from .diagnosis import (
    Diagnosis,
    Reading,
    diagnose,
)
from .directions import (
    PCA,
    Eigen,
    align_neurons,
    eigenvector_directions,
    filter_normalize,
    pca_directions,
    random_direction,
)
from .evaluation import (
    losses_at,
    mlp_loss,
)
from .operators import (
    DensityEstimate,
    Estimate,
    LinearOperator,
    fisher_operator,
    gauss_newton_operator,
    hessian_operator,
)
from .optimizers import (
    Optimizer,
    adam,
    gradient_descent,
    momentum,
    rms,
    rmsprop,
    weight_decay,
)
from .profiles import (
    Projection,
    Triangle,
    barrier,
    barycentric_profile,
    bezier,
    grid,
    interpolate,
    line_profile,
    plane_profile,
    project,
)
from .random_matrices import (
    critical_error,
    goe,
    goe_positive_probability,
    index_of_error,
    marchenko_pastur,
    semicircle,
    wishart_wigner,
    wishart_wigner_density,
)
from .reports import (
    Comparison,
    Report,
    compare,
    report,
)
from .spectra import (
    Density,
    Eigh,
    Ends,
    curvature,
    definiteness,
    extreme_eigenvalues,
    hessian_eigh,
    index,
    negative_fraction,
    nullity,
    positive_fraction,
    spectral_density,
    top_eigenpairs,
)
from .teacher_student import (
    population_loss,
)
from .training import (
    Record,
    descend,
    diverged_at,
    sweep,
    train,
    trajectories,
    trajectory,
)
from .trees import (
    direction_of,
)

__all__ = [  # noqa: RUF022 (in plain order)
    "AutoencoderPoint",
    "Comparison",
    "CriticalPoints",
    "Density",
    "DensityEstimate",
    "Diagnosis",
    "Eigen",
    "Eigh",
    "Ends",
    "Estimate",
    "LinearOperator",
    "Optimizer",
    "PCA",
    "Projection",
    "Reading",
    "Record",
    "Report",
    "Triangle",
    "adam",
    "align_neurons",
    "barrier",
    "barycentric_profile",
    "bezier",
    "classify_critical_point",
    "compare",
    "critical_error",
    "curvature",
    "definiteness",
    "descend",
    "diagnose",
    "direction_of",
    "diverged_at",
    "eigenvector_directions",
    "escape_direction",
    "extreme_eigenvalues",
    "filter_normalize",
    "find_critical_points",
    "finite_difference_gradient",
    "finite_difference_hessian",
    "fisher_operator",
    "gauss_newton_operator",
    "goe",
    "goe_positive_probability",
    "gradient",
    "gradient_descent",
    "grid",
    "hessian",
    "hessian_eigh",
    "hessian_operator",
    "hvp",
    "index",
    "index_of_error",
    "interpolate",
    "line_profile",
    "linear_autoencoder_points",
    "losses_at",
    "marchenko_pastur",
    "mlp_loss",
    "momentum",
    "negative_fraction",
    "newton_step",
    "nullity",
    "over_batches",
    "pca_directions",
    "plane_profile",
    "population_loss",
    "positive_fraction",
    "project",
    "quadratic_model",
    "random_direction",
    "report",
    "rms",
    "rmsprop",
    "saddle_free_newton_step",
    "semicircle",
    "spectral_density",
    "sweep",
    "top_eigenpairs",
    "train",
    "trajectories",
    "trajectory",
    "weight_decay",
    "wishart_wigner",
    "wishart_wigner_density",
]

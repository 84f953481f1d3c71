"""lecture_utils: the instruments of the course on the geometry of training.

The way through is one way: data and a network make a ``loss(params) -> scalar``; from the loss
come derivatives, spectra, critical points and trajectories; arrays go to ``figures``; figures go
into ``explorers``.

Precision is decided here and nowhere else.  JAX computes in float32 unless told otherwise; the
next line allows float64.  From then on the dtype of the parameters decides: surfaces and
everything that reads the *sign* of an eigenvalue are float64, networks are trained in float32.
"""

import jax

jax.config.update("jax_enable_x64", True)

from .critical_points import (  # noqa: E402
    classify_critical_point,
    escape_direction,
    find_critical_points,
    linear_autoencoder_points,
    newton_step,
    saddle_free_newton_step,
)
from .derivatives import (  # noqa: E402
    finite_difference_gradient,
    finite_difference_hessian,
    gradient,
    hessian,
    hvp,
    quadratic_model,
)
from .optimizers import adam, gradient_descent, momentum  # noqa: E402
from .random_matrices import (  # noqa: E402
    critical_error,
    goe,
    goe_positive_probability,
    index_of_error,
    marchenko_pastur,
    semicircle,
    wishart_wigner,
    wishart_wigner_density,
)
from .spectra import (  # noqa: E402
    curvature,
    definiteness,
    hessian_eigh,
    index,
    negative_fraction,
    nullity,
    positive_fraction,
    spectral_density,
    top_eigenpairs,
)
from .teacher_student import population_loss  # noqa: E402
from .training import train, trajectory  # noqa: E402

__all__ = [
    "adam",
    "classify_critical_point",
    "critical_error",
    "curvature",
    "definiteness",
    "escape_direction",
    "find_critical_points",
    "finite_difference_gradient",
    "finite_difference_hessian",
    "goe",
    "goe_positive_probability",
    "gradient",
    "gradient_descent",
    "hessian",
    "hessian_eigh",
    "hvp",
    "index",
    "index_of_error",
    "linear_autoencoder_points",
    "marchenko_pastur",
    "momentum",
    "negative_fraction",
    "newton_step",
    "nullity",
    "population_loss",
    "positive_fraction",
    "quadratic_model",
    "saddle_free_newton_step",
    "semicircle",
    "spectral_density",
    "top_eigenpairs",
    "train",
    "trajectory",
    "wishart_wigner",
    "wishart_wigner_density",
]
